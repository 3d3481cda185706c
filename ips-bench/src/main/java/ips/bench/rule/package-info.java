/** What rules cost: rule sets made by seed, traffic to ask them about, speed and memory. */
package ips.bench.rule;
