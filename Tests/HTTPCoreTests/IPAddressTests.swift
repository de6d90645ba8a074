// SPDX-License-Identifier: Apache-2.0

import HTTPCore
import HTTPTypes
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1", "127.1.2.3",
        "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
        "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250",
        "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "fc00::1", "fd00:ec2::254",
        "fe80::1", "fec0::1", "ff02::1",
    ])
    func isNotPublic(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(!address.isPublic)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.0.0.1", "128.0.0.1",
        "169.253.0.1", "172.15.0.1", "172.32.0.1", "192.167.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255",
        "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1", "2003::1",
    ])
    func isPublic(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.isPublic)
    }

    /// The C library takes each of these for 127.0.0.1, or for another address than it seems.
    @Test(arguments: [
        "127.1", "0", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1", "2852039166", "1.2.3",
        "127.0.0.1.",
        "fe80::1%lo", "", " 127.0.0.1", "localhost",
    ])
    func isNoAddress(text: String) { #expect(IPAddress(text) == nil) }

    @Test func equalAddressesAreEqualInEachSpelling() {
        #expect(IPAddress("[0:0:0:0:0:0:0:1]") == IPAddress("::1"))
        #expect(IPAddress("::1")?.host == "[::1]")
        #expect(IPAddress("192.0.2.1")?.host == "192.0.2.1")
        #expect(IPAddress("2001:DB8:0:0::1")?.description == "2001:db8::1")
    }

    @Test func anAddressIsLookedUpAsItself() async throws {
        #expect(try await HostLookup.addresses(of: "[::1]") == [IPAddress("::1")].compactMap(\.self))
        let found = try await HostLookup.addresses(of: "localhost")
        #expect(!found.isEmpty && found.allSatisfy(\.isLoopback))
    }

    @Test func aRedirectToAnotherHostForgetsTheAddress() throws {
        let request = HTTPTransportRequest(url: try HTTPURL(parsing: "http://a.test/"), address: IPAddress("8.8.8.8"))
        for (location, isKept) in [("/b", true), ("http://b.test/", false)] {
            let response = HTTPResponse(status: .found, headerFields: [.location: location])
            let next = try #require(try RedirectPolicy().next(after: request, response: response, followed: 0))
            #expect((next.address != nil) == isKept)
        }
    }
}
