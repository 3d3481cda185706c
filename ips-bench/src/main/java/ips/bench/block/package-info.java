/** What the block manager costs per verdict and per ban. */
package ips.bench.block;
