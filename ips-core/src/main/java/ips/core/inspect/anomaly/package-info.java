/**
 * What is odd about a frame's headers, as Suricata's decoder names it: read again from the bytes,
 * because the decoder of {@code ips.core.packet} only notes what the detectors need. Asked only
 * where rules ask for it.
 */
package ips.core.inspect.anomaly;
