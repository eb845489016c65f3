/**
 * What people declare: services, versions, routes, gates, gate sets, ramps, migrations, windows and
 * policies. Each record refuses what can never be right. Pure; imports the contract only.
 * Immutable.
 */
@NullMarked
package dev.sluice.control.change.spec;

import org.jspecify.annotations.NullMarked;
