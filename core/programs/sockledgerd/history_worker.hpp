// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/store.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <utility>

namespace sockledger::daemon {

/// The Store on a thread of its own, so that a slow disk or a question of ten years holds nobody up.
/// Threads: the one that runs `home`.
class HistoryWorker {
public:
    HistoryWorker(boost::asio::io_context& home, std::unique_ptr<Store> store)
        : home_(home), store_(std::move(store)) {}
    /// Finishes what it was asked to do; answers that `home` does not run any more are dropped.
    ~HistoryWorker() { thread_.join(); }

    /// Work for the Store, in the order in which it comes.
    template<typename Work>
    void post(Work work) {
        boost::asio::post(thread_, [this, work = std::move(work)]() mutable { work(*store_); });
    }

    /// `question(Store&)` on the worker's thread, then `answer` with what it returned on `home`.
    template<typename Question, typename Answer>
    void ask(Question question, Answer answer) {
        post([this, question = std::move(question), answer = std::move(answer)](Store& store) mutable {
            boost::asio::post(home_, [answer = std::move(answer), result = question(store)]() mutable {
                answer(std::move(result));
            });
        });
    }

private:
    boost::asio::io_context& home_;
    std::unique_ptr<Store> store_;
    boost::asio::thread_pool thread_{1};
};

} // namespace sockledger::daemon
