/**
 * Parts that several resources share, as records: addresses, header mutations, route matches. Pure.
 */
@NullMarked
package dev.sluice.proxy.resource.part;

import org.jspecify.annotations.NullMarked;
