package ips.core.verdict;

/** What a verdict asks for. */
public enum Action {
    /** Tell; nothing is blocked. */
    ALERT,
    /** Tell, and ban the offender. */
    BAN
}
