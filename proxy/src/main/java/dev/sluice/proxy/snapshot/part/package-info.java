/** Parts that several resources share: addresses, header mutations, route matches. Immutable. */
@NullMarked
package dev.sluice.proxy.snapshot.part;

import org.jspecify.annotations.NullMarked;
