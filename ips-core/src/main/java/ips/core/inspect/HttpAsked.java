package ips.core.inspect;

/**
 * What is done for HTTP only where a rule asks for it.
 *
 * @param rawHeads whether heads are kept as they came
 * @param events whether what is odd about heads and forms is looked for, {@link HttpEvent}
 */
public record HttpAsked(boolean rawHeads, boolean events) {}
