/** HTTP: traffic of browsers and attackers made from a seed, and benchmarks of reading it. */
package ips.bench.http;
