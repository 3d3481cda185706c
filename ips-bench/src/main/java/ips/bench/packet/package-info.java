/** What decoding a frame costs. */
package ips.bench.packet;
