/**
 * Single checks of endpoints: one question over one connection, one verdict. What verdicts make of
 * an endpoint is not known here. Loop-owned.
 */
@NullMarked
package dev.sluice.proxy.probe;

import org.jspecify.annotations.NullMarked;
