/**
 * What happened to a migration or gate, for those who look back: {@link
 * dev.sluice.control.cli.postmortem.Postmortem} first. Knows the contract only.
 */
@NullMarked
package dev.sluice.control.cli.postmortem;

import org.jspecify.annotations.NullMarked;
