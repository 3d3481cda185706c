/** What reading capture files costs. */
package ips.bench.capture;
