/**
 * The command {@code ips bench}: programs against their peers, results against earlier ones. What
 * is measured lies in the packages below, by what it measures.
 */
package ips.bench;
