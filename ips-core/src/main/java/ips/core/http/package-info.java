/**
 * HTTP/1.x as it is spoken: from the bytes of streams to requests, responses and the named parts of
 * requests. Whether a part is an attack is left to {@code ips.core.payload}, order of bytes to
 * {@code ips.core.stream}.
 */
@HotPath
package ips.core.http;

import ips.core.HotPath;
