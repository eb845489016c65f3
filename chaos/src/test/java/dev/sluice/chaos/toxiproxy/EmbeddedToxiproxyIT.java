package dev.sluice.chaos.toxiproxy;

import dev.sluice.testkit.LeakCheck;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** The wire contract, held against our own server. */
@ExtendWith(LeakCheck.class)
class EmbeddedToxiproxyIT {
    @Nested
    class Proxies extends ProxyCalls {
        @Override
        Subject start() {
            return EmbeddedSubject.start();
        }
    }

    @Nested
    class Toxics extends ToxicCalls {
        @Override
        Subject start() {
            return EmbeddedSubject.start();
        }
    }

    @Nested
    class Populate extends PopulateCalls {
        @Override
        Subject start() {
            return EmbeddedSubject.start();
        }
    }

    @Nested
    class Wire extends ToxicsOnTheWire {
        @Override
        Subject start() {
            return EmbeddedSubject.start();
        }
    }

    @Nested
    class Java extends JavaClient {
        @Override
        Subject start() {
            return EmbeddedSubject.start();
        }
    }

    @Nested
    class Metrics extends MetricsCalls {
        @Override
        Subject start() {
            return EmbeddedSubject.start(EmbeddedSubject.SEED, ToxiproxyServer.Page.PROXY_METRICS);
        }
    }
}
