/**
 * Settings that change while the proxy runs (Envoy's runtime): layers of named values, and the
 * settings of resources that name one of them. Plain records; imports the contract only. Immutable.
 */
@NullMarked
package dev.sluice.proxy.snapshot.runtime;

import org.jspecify.annotations.NullMarked;
