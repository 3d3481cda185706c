/** What matching patterns costs. */
package ips.bench.match;
