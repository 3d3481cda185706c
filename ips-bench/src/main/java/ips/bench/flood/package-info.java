/**
 * Floods made by seed: the same frames on every machine, named by the hash of their bytes. For
 * benchmarks and for capture files to replay.
 */
package ips.bench.flood;
