/**
 * Rules of services, their versions and routes: what sidecars listen on, call and match. Knows no
 * gate but as a user of versions and routes. Pure.
 */
@NullMarked
package dev.sluice.control.lifecycle.structure;

import org.jspecify.annotations.NullMarked;
