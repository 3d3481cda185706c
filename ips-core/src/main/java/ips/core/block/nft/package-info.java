/**
 * Bans in the Linux kernel's firewall, through the {@code nft} program: a table of the sensor's own
 * with a set per address family and ban scope. It writes and reads that table and no other.
 */
package ips.core.block.nft;
