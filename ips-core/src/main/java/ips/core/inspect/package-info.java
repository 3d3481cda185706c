/**
 * What rules look at beyond the packet: both directions of a flow, its TCP session and ordered
 * bytes, its application protocol. Kept apart from {@code ips.core.flow} because rules follow every
 * flow as Suricata does, whoever its client may be: both directions are seen by the one worker the
 * pair of addresses falls to.
 */
package ips.core.inspect;
