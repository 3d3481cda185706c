/**
 * TCP streams put in order: from the segments of a connection to the bytes its receiver reads. Who
 * is a connection's client is left to {@code ips.core.flow}, what the bytes mean to {@code
 * ips.core.http}.
 */
@HotPath
package ips.core.stream;

import ips.core.HotPath;
