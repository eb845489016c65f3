package dev.sluice.control.boot;

import java.util.Optional;

/** One line for people and scripts: that a control plane serves, and where. Stateless. */
final class ReadyLine {
    private ReadyLine() {}

    static String of(Settings settings, int adminPort, int xdsPort, Optional<Integer> webPort) {
        return "sluice control ready: admin %s, xds %s, web %s, state %s"
                .formatted(
                        Listening.address(settings.admin(), adminPort),
                        Listening.address(settings.xds(), xdsPort),
                        webPort.map(port ->
                                        "http://"
                                                + Listening.address(
                                                        settings.web().orElseThrow(), port))
                                .orElse("off"),
                        settings.state()
                                + settings.shared()
                                        .map(shared -> ", store " + shared.database())
                                        .orElse(""));
    }
}
