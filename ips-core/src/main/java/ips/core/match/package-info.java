/**
 * Many byte patterns in one pass over a buffer. What a found pattern means is left to those who
 * compiled it.
 */
@HotPath
package ips.core.match;

import ips.core.HotPath;
