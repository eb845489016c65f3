/**
 * What the command operators of Envoy say about an exchange, for lines of access logs and for
 * header values. May import the record of an exchange and header blocks. Stateless.
 */
@NullMarked
package dev.sluice.proxy.operator;

import org.jspecify.annotations.NullMarked;
