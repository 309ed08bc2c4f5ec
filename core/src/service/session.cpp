// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <utility>

namespace sockledger {

namespace asio = boost::asio;
using boost::system::error_code;

Session::Session(asio::io_context& loop, UniqueFd connection, Handlers handlers)
    : socket_(loop), handlers_(std::move(handlers)) {
    error_code failed;
    socket_.assign(asio::local::stream_protocol(), connection.get(), failed);
    if (!failed) {
        connection.release();
        socket_.non_blocking(true, failed);
    }
}

void Session::start() {
    read();
}

void Session::read() {
    if (closed() || reading_ || ended_ || streaming_ || in_.size() > longest_call) {
        return; // the kernel holds back the rest
    }
    reading_ = true;
    socket_.async_wait(socket_.wait_read, [self = shared_from_this()](error_code failed) {
        self->reading_ = false;
        if (!failed && !self->streaming_) {
            self->on_readable();
        }
    });
}

void Session::on_readable() {
    std::array<char, 16 << 10> chunk;
    error_code failed;
    const std::size_t received = socket_.read_some(asio::buffer(chunk), failed);
    if (failed == asio::error::eof) {
        ended_ = true; // it may still want its answers
    } else if (failed && failed != asio::error::would_block && failed != asio::error::interrupted) {
        return close();
    }
    in_.add({chunk.data(), received});
    if (in_.oversized()) {
        return close();
    }
    next_call();
    read();
}

void Session::next_call() {
    if (closed() || answering_ || posted_ || !drained()) {
        return;
    }
    const auto message = in_.next();
    if (!message) {
        if (ended_) {
            close();
        }
        return;
    }
    auto call = varlink::parse_call(*message);
    if (!call || in_.oversized()) {
        return close();
    }
    answering_ = true;
    oneway_ = call->oneway;
    handlers_.call(shared_from_this(), std::move(*call));
    read();
}

void Session::reply(std::string_view parameters) {
    reply(std::make_shared<const std::string>(varlink::reply_message(parameters)));
}

void Session::error(std::string_view name, const boost::json::object& parameters) {
    reply(std::make_shared<const std::string>(varlink::error_message(name, parameters)));
}

void Session::reply(Message message) {
    answering_ = false;
    if (closed()) {
        return;
    }
    if (!oneway_) {
        send(std::move(message));
    }
    // By way of the loop: many short calls at once must not keep the others waiting.
    posted_ = true;
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
        self->posted_ = false;
        self->next_call();
    });
}

void Session::begin_stream() {
    streaming_ = true;
    // Nothing is read any more, and there may be nothing to write for days.
    socket_.async_wait(socket_.wait_error, [self = shared_from_this()](error_code) { self->close(); });
}

void Session::push(Message message) {
    if (!closed()) {
        send(std::move(message));
    }
}

void Session::send(Message message) {
    if (!drained() && out_bytes_ + message->size() > most_waiting) {
        return close();
    }
    out_bytes_ += message->size();
    out_.push_back(std::move(message));
    if (out_.size() == 1) {
        progress_ = Clock::now();
        write();
    }
}

void Session::write() {
    socket_.async_write_some(
        asio::buffer(*out_.front()) + sent_,
        [self = shared_from_this(), message = out_.front()](error_code failed, std::size_t written) {
            if (self->closed()) {
                return;
            }
            if (failed) {
                return self->close();
            }
            self->progress_ = Clock::now();
            self->sent_ += written;
            if (self->sent_ == message->size()) {
                self->out_bytes_ -= message->size();
                self->sent_ = 0;
                self->out_.pop_front();
            }
            if (!self->drained()) {
                return self->write();
            }
            self->next_call();
        });
}

void Session::close() {
    if (closed()) {
        return;
    }
    error_code ignored;
    socket_.close(ignored);
    out_.clear();
    handlers_.closed(shared_from_this());
}

void erase_closed(std::vector<std::weak_ptr<Session>>& sessions) {
    std::erase_if(sessions, [](const std::weak_ptr<Session>& weak) {
        const auto session = weak.lock();
        return !session || session->closed();
    });
}

} // namespace sockledger
