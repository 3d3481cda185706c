/**
 * What a detector says and how it reaches the block manager. Everything here is a value: made once
 * per offender, signature and second at most, so it may allocate.
 */
package ips.core.verdict;
