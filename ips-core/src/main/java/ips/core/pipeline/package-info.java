/**
 * Threads and what passes between them: the capture thread writes frames into a ring of batches,
 * workers take what they own. What the frames mean is left to the packages below.
 */
package ips.core.pipeline;
