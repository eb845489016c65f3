package dev.sluice.proxy.snapshot.listener;

import dev.sluice.proxy.snapshot.log.AccessLogSpec;
import java.util.List;

/** The terminal network filter of a chain. */
public sealed interface NetworkFilterSpec permits HttpConnectionManagerSpec, TcpProxySpec {
    /** Where what it served is written. */
    List<AccessLogSpec> accessLogs();
}
