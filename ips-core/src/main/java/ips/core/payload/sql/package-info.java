/** SQL injection: tokens, operands and the shapes that attacks have. */
package ips.core.payload.sql;
