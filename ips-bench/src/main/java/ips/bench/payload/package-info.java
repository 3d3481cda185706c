/** Benchmarks of the payload judges. */
package ips.bench.payload;
