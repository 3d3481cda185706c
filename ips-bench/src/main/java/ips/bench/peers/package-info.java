/**
 * Whole processes side by side: {@code ips analyze} and its peers over the same capture files, in
 * turns, with the start of each counted and told apart. What runs inside one JVM is measured by JMH
 * in the other packages.
 */
package ips.bench.peers;
