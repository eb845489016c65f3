package dev.sluice.control.boot;

import dev.sluice.control.admin.access.UsersFile;
import dev.sluice.control.store.SqliteEventStore.History;
import dev.sluice.control.xds.NodeProof;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a control plane is told when it starts. Immutable.
 *
 * @param admin where the admin API listens; port 0 takes a free one, as in the two below
 * @param adminTls empty for plain text, on a loopback address only
 * @param xds where nodes connect
 * @param xdsTls empty for plain text
 * @param nodeProof what certificates of nodes must say
 * @param web where the status page is; empty for none; always plain text
 * @param state folder of the token, and of the log unless a database has it
 * @param shared where the log is; empty for a SQLite file in the state folder
 * @param users who may call beside the embedded admin
 * @param outward where notifications may go, and as whose
 * @param inquiry which metrics servers may be asked
 * @param backups folder of backups that are asked for over the API
 * @param checkpoints where signed ends of the log go
 * @param history whether the log goes on or was restored from a backup, which raises the epoch
 */
record Settings(
        InetSocketAddress admin,
        Optional<Tls> adminTls,
        InetSocketAddress xds,
        Optional<Tls> xdsTls,
        NodeProof nodeProof,
        Optional<InetSocketAddress> web,
        Path state,
        Optional<SharedStore> shared,
        UsersFile.Contents users,
        Outward outward,
        Inquiry inquiry,
        Path backups,
        Optional<CheckpointSettings> checkpoints,
        History history) {}
