package dev.sluice.proxy.plan;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * When an exchange ends because where it went was taken back meanwhile: its arm was killed.
 * Loop-owned.
 *
 * @param grace how long it may go on, at least; twice that at most; positive
 * @param killed whether it is taken back now
 */
public record Withdrawal(Duration grace, BooleanSupplier killed) {}
