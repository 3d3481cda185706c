/**
 * Regular expressions of Perl's kind (PCRE) over bytes: in linear time where the expression allows
 * it, under a limit of steps where it does not. What a match means is left to who compiled it.
 */
package ips.core.regex;
