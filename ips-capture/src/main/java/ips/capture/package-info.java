/**
 * Where frames come from: capture files, Linux AF_PACKET rings, libpcap by way of pcap4j. Every
 * source is a {@link ips.capture.CaptureSource}, opened by name through {@link
 * ips.capture.CaptureSources}; what the frames mean is left to {@code ips.core}.
 */
package ips.capture;
