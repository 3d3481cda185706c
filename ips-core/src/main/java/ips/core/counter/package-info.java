/**
 * Numbers a thread keeps about itself. Every event the sensor counts is one line in {@link
 * ips.core.counter.Counter}; what becomes of the numbers (metrics, reports) is left to others.
 */
@HotPath
package ips.core.counter;

import ips.core.HotPath;
