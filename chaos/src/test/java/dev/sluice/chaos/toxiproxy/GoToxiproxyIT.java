package dev.sluice.chaos.toxiproxy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The wire contract, held against the original server. */
@Tag("interop")
class GoToxiproxyIT {
    @Nested
    class Proxies extends ProxyCalls {
        @Override
        Subject start() {
            return GoSubject.start();
        }
    }

    @Nested
    class Toxics extends ToxicCalls {
        @Override
        Subject start() {
            return GoSubject.start();
        }
    }

    @Nested
    class Populate extends PopulateCalls {
        @Override
        Subject start() {
            return GoSubject.start();
        }
    }

    @Nested
    class Wire extends ToxicsOnTheWire {
        @Override
        Subject start() {
            return GoSubject.start();
        }
    }

    @Nested
    class Java extends JavaClient {
        @Override
        Subject start() {
            return GoSubject.start();
        }
    }

    @Nested
    class Metrics extends MetricsCalls {
        @Override
        Subject start() {
            return GoSubject.start("-proxy-metrics");
        }
    }
}
