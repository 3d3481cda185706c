/**
 * What whole pipelines cost, from the ring to the detectors, and how long a verdict takes to be
 * told.
 */
package ips.bench.pipeline;
