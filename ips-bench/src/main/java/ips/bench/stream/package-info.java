/** What putting TCP segments in order costs. */
package ips.bench.stream;
