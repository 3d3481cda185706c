package ips.core.verdict;

/** What a verdict asks for. */
public enum Action {
    /** Alert; nothing is blocked. */
    ALERT,
    /** Alert, and ban the offender. */
    BAN
}
