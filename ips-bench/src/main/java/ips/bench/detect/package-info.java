/** What detectors cost on top of decoding and connection tracking. */
package ips.bench.detect;
