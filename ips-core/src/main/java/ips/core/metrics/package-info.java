/** Telling machines: the only package that knows Micrometer. */
package ips.core.metrics;
