// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/c_api_handles.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>
#include <optional>
#include <set>

using namespace sockledger::test;

namespace {

/// How many allocations this thread has before one fails; absent: as many as it likes.
thread_local std::optional<int> left;
thread_local bool fails_once = false; ///< and later ones do not

void* allocate(std::size_t size) {
    if (left && (*left)-- <= 0) {
        if (fails_once)
            left.reset();
        return nullptr;
    }
    return std::malloc(size);
}

} // namespace

// The library takes these too, because the program's come first.
void* operator new(std::size_t size) {
    if (void* const memory = allocate(size))
        return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
    std::free(memory);
}

class CApiMemoryTest : public QObject {
    Q_OBJECT

    std::set<int> codes_;
    FeedHandle feed_;
    SnapshotHandle snapshot_;
    ShownHandle shown_;

    /// Whether that much memory is enough for everything.
    bool use_all(int allocations) {
        const auto options =
            feed_options(SOCKLEDGER_REPLAY, SOCKLEDGER_FIXTURES "/recordings/version1.jsonl");
        auto process = empty<sockledger_process>();
        sockledger_feed* feed = nullptr;
        sockledger_snapshot* snapshot = nullptr;
        sockledger_shown* shown = nullptr;
        std::array<char, 100> error{};
        std::array<int, 5> codes{-ENOMEM, -ENOMEM, -ENOMEM, -ENOMEM, -ENOMEM};
        left = allocations;
        codes[0] = sockledger_feed_open(&options, &feed, error.data(), error.size());
        if (feed)
            codes[1] = sockledger_feed_sample(feed, &snapshot);
        if (snapshot)
            codes[2] = sockledger_snapshot_find_process(snapshot, 100, &process);
        codes[3] = sockledger_shown_open(nullptr, &shown);
        if (shown && snapshot)
            codes[4] = sockledger_shown_update(shown, snapshot);
        left.reset();
        feed_.reset(feed);
        snapshot_.reset(snapshot);
        shown_.reset(shown);
        codes_.insert(codes.begin(), codes.end());
        if ((codes[0] == 0) != (feed != nullptr) || (codes[0] == 0) != (error[0] == '\0'))
            QTest::qFail("a failure without a word, or a word without a failure", __FILE__, __LINE__);
        return std::ranges::count(codes, 0) == 5;
    }

private slots:
    void whereverMemoryEndsThereIsAnErrno_data() {
        QTest::addColumn<bool>("once");
        QTest::newRow("for good") << false;
        QTest::newRow("for once") << true;
    }
    void whereverMemoryEndsThereIsAnErrno() {
        QFETCH(bool, once);
        fails_once = once;
        int allocations = 0;
        while (!use_all(allocations) && allocations < 100'000)
            ++allocations;
        QVERIFY2(allocations > 50, QByteArray::number(allocations));
        QVERIFY(allocations < 100'000);
        for (const int code : codes_)
            QVERIFY2(code == 0 || code == -ENOMEM || code == -EIO, QByteArray::number(code));
    }
};

QTEST_GUILESS_MAIN(CApiMemoryTest)
#include "c_api_memory_test.moc"
