/**
 * Judges the parts of a request: is this value an attack, of which class, how sure. {@link
 * ips.core.payload.RequestJudge} takes a request part by part; the judges of the sub-packages can
 * be used alone. Where parts come from (parser, servlet filter) is left to others.
 */
package ips.core.payload;
