/**
 * State per source, per connection and per destination, all of it bounded. One worker owns each
 * table, so nothing here is shared. What the state means is left to {@code ips.core.detect}.
 */
@HotPath
package ips.core.flow;

import ips.core.HotPath;
