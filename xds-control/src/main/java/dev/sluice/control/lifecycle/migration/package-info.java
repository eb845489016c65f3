/**
 * Rules of migrations, from the plan to the end, and of the databases and policies that they are
 * held to. Read {@link dev.sluice.control.lifecycle.migration.PhaseRule} first: it is the walk as
 * data. Moves keys by the rules of gates and plans by those of ramps. Pure.
 */
@NullMarked
package dev.sluice.control.lifecycle.migration;

import org.jspecify.annotations.NullMarked;
