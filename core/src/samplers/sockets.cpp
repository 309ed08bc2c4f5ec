// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "samplers/sockets.hpp"

#include "kernel/socket_table.hpp"
#include "samplers/sock_diag_sockets.hpp"

#include <optional>

namespace sockledger {

namespace {

class SocketsSource : public Source {
public:
    SocketsSource(std::shared_ptr<BpfPrograms> programs, std::chrono::milliseconds interval)
        : programs_(std::move(programs)), interval_(interval) {
        if (programs_ && programs_->has_socket_table())
            table_.emplace(*programs_);
    }

    SourceStatus read(Readings& readings) override {
        const bool due = !last_read_ || resync_ || readings.time.boottime - *last_read_ >= interval_;
        if (due) {
            last_read_ = readings.time.boottime;
            read_table(readings.sockets);
        }
        if (fallback_) { // after the table: what is in neither was gone before
            resync_ = !fallback_->read_closed(readings.sockets.closed);
            status_.lost_events = fallback_->lost();
        }
        return status_;
    }

    void set_interval(std::chrono::milliseconds interval) override { interval_ = interval; }

private:
    void read_table(SocketsReading& reading) {
        status_ = {};
        status_.name = "sockets";
        std::string why_not = table_ ? "" : "no iterator over descriptors here";
        if (table_) {
            if (auto done = table_->read(reading.sockets)) {
                reading.fresh = true;
                status_.accuracy = Accuracy::Exact;
                status_.detail = "every socket of every namespace with its owner, in one pass (BPF iterator)";
                return;
            } else {
                why_not = done.error().message;
            }
        }
        read_fallback(reading);
        status_.detail += "; " + why_not;
    }

    void read_fallback(SocketsReading& reading) {
        if (!fallback_)
            fallback_.emplace();
        auto sockets = fallback_->read();
        if (!sockets) {
            status_.detail = sockets.error().message;
            return;
        }
        reading.sockets = *std::move(sockets);
        reading.fresh = true;
        status_.accuracy = fallback_->accuracy();
        status_.detail = fallback_->detail();
        if (!programs_)
            status_.detail += status_.accuracy == Accuracy::Partial
                                  ? "; of traffic only TCP payload: UDP and headers are not seen"
                                  : "; interface bytes are shared out by the number of connections";
    }

    std::shared_ptr<BpfPrograms> programs_;
    std::chrono::milliseconds interval_;
    std::optional<std::chrono::nanoseconds> last_read_;
    std::optional<SocketTable> table_;
    std::optional<SockDiagTable> fallback_;
    bool resync_ = false; // notices of destroyed sockets were lost
    SourceStatus status_;
};

} // namespace

std::unique_ptr<Source> make_sockets_source(std::shared_ptr<BpfPrograms> programs,
                                            std::chrono::milliseconds interval) {
    return std::make_unique<SocketsSource>(std::move(programs), interval);
}

} // namespace sockledger
