/** What JMH measured, as it writes it with {@code -rf json}, and what became of it since. */
package ips.bench.results;
