/**
 * Who is banned, until when and by what means. One thread, the block manager's, owns everything
 * here; how people and machines hear of it is left to {@code ips.core.alert} and {@code
 * ips.core.metrics}.
 */
package ips.core.block;
